// The contract is a sound OpenAPI file, names exactly the routes of the program, and knows every problem it can tell.
// usage: node tools/check_openapi.mjs PROGRAM-THAT-PRINTS-ROUTES [ARGUMENT...]
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Contract, compareRoutes, lint } from '../tests/api/contract.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [program, ...args] = process.argv.slice(2);
if (program === undefined) {
  console.error('usage: node tools/check_openapi.mjs PROGRAM-THAT-PRINTS-ROUTES [ARGUMENT...]');
  process.exit(2);
}

/** Names of problems in the sources: in the catalogue of hints, and where a handler or the engine sets one. */
function problemsOfProgram() {
  const names = new Set();
  for (const file of readdirSync(`${root}src/api`).filter((f) => f.endsWith('.c'))) {
    const text = readFileSync(`${root}src/api/${file}`, 'utf8');
    for (const [, name] of text.matchAll(/problem = "(\w+)"/g)) names.add(name);
    if (file === 'messages.c') for (const [, name] of text.matchAll(/\{ "(\w+)", "/g)) names.add(name);
    if (file === 'answer.c') for (const [, name] of text.matchAll(/outcome\)\{ \d+, "(\w+)"/g)) names.add(name);
  }
  return names;
}

const contract = new Contract(`${root}openapi/danyuan.yaml`);
const faults = await lint(contract);
const lines = execFileSync(program, args, { encoding: 'utf8' }).trim().split('\n');
faults.push(...compareRoutes(contract, lines));
const known = new Set(contract.doc.components.schemas.ProblemCode.enum);
for (const name of problemsOfProgram()) {
  if (!known.has(name)) faults.push(`ProblemCode: the program says '${name}', the contract does not know it`);
}
for (const fault of faults) console.error(fault);
console.log(`${contract.operations.length} operations, ${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
