// The independent implementation of age (npm age-encryption) as a tool on stdin and stdout, streaming.
//
//   node age.mjs keygen                     an identity, and its recipient on the next line
//   node age.mjs recipient IDENTITY         the recipient of an identity
//   node age.mjs seal RECIPIENT...          stdin sealed to stdout
//   node age.mjs open IDENTITY              stdin opened to stdout
//   node age.mjs open-passphrase WORDS      the same with a passphrase
//   node age.mjs header IDENTITY            the file key of the detached header on stdin, in hex
import { Readable, Writable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { Decrypter, Encrypter, generateHybridIdentity, identityToRecipient } from "age-encryption";

const [command, ...words] = process.argv.slice(2);

async function pipe(convert) {
  const output = await convert(Readable.toWeb(process.stdin));
  await output.pipeTo(Writable.toWeb(process.stdout));
}

function decrypter(identity) {
  const made = new Decrypter();
  made.addIdentity(identity);
  return made;
}

if (command === "keygen") {
  const identity = await generateHybridIdentity();
  console.log(`${identity}\n${await identityToRecipient(identity)}`);
} else if (command === "recipient") {
  console.log(await identityToRecipient(words[0]));
} else if (command === "seal") {
  const encrypter = new Encrypter();
  for (const recipient of words) encrypter.addRecipient(recipient);
  await pipe((input) => encrypter.encrypt(input));
} else if (command === "open") {
  await pipe((input) => decrypter(words[0]).decrypt(input));
} else if (command === "open-passphrase") {
  const made = new Decrypter();
  made.addPassphrase(words[0]);
  await pipe((input) => made.decrypt(input));
} else if (command === "header") {
  const fileKey = await decrypter(words[0]).decryptHeader(await buffer(process.stdin));
  console.log(Buffer.from(fileKey).toString("hex"));
} else {
  throw new Error(`unknown command ${command}`);
}
