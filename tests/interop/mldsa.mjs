// Verifies ML-DSA-44 signatures (FIPS 204, empty context) with an implementation that shares nothing with ours.
// Reads, from the file named by the argument, [{"key", "message", "signature": hex, …}, …]; prints one line of JSON,
// {"checked": n, "failed": [indices]}; ends 0 if there was something to check and all of it verified.
import { readFile } from "node:fs/promises";
import { ml_dsa44 } from "@noble/post-quantum/ml-dsa.js";

const bytes = (hex) => Uint8Array.from(Buffer.from(hex, "hex"));

const lines = JSON.parse(await readFile(process.argv[2], "utf8"));
const failed = [];
lines.forEach((line, index) => {
  let valid = false;
  try {
    valid = ml_dsa44.verify(bytes(line.signature), bytes(line.message), bytes(line.key));
  } catch {
    // a key or signature of the wrong length is not valid either
  }
  if (!valid) failed.push(index);
});
console.log(JSON.stringify({ checked: lines.length, failed }));
process.exitCode = lines.length > 0 && failed.length === 0 ? 0 : 1;
