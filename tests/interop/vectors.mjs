// Writes every vector of the published age test kit (npm cctv-age) into the folder named by the argument,
// one file a vector, byte for byte as the package exports it.
import { mkdir, writeFile } from "node:fs/promises";
import * as vectors from "cctv-age";

const folder = process.argv[2];
await mkdir(folder, { recursive: true });
for (const [name, bytes] of Object.entries(vectors)) {
  await writeFile(`${folder}/${name}`, bytes);
}
