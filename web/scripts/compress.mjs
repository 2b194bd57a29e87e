// Writes .gz and .br beside every text file of build/web: the server sends them as they are, and never compresses itself.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const root = process.argv[2] ?? fileURLToPath(new URL('../../build/web', import.meta.url));
const TEXT = /\.(html|js|css|svg|json|webmanifest|txt)$/;
const WORTH = 200; // bytes; below, the header of the coding eats what is won

for (const name of readdirSync(root, { recursive: true })) {
  if (!TEXT.test(name)) continue;
  const plain = readFileSync(join(root, name));
  if (plain.length < WORTH) continue;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
  };
  writeFileSync(join(root, `${name}.gz`), gzipSync(plain, { level: 9 }));
  writeFileSync(join(root, `${name}.br`), brotliCompressSync(plain, { params }));
}
