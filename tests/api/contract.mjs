// The contract as a program: loads openapi/danyuan.yaml, checks the file itself, and checks answers against it.
import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { Validator } from '@seriousme/openapi-schema-validator';
import { parse } from 'yaml';

const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete'];
const SCHEMA_WORDS = new Set(['$ref', 'type', 'description', 'properties', 'required', 'additionalProperties', 'items',
  'enum', 'const', 'pattern', 'format', 'minLength', 'maxLength', 'minimum', 'maximum', 'minItems', 'maxItems',
  'uniqueItems', 'maxProperties', 'oneOf', 'default', 'example', 'examples']);

/** One operation with its parameters merged and its JSON pointer. */
function operationsOf(doc) {
  const out = [];
  for (const [path, item] of Object.entries(doc.paths)) {
    for (const method of METHODS) {
      if (item[method] === undefined) continue;
      const op = item[method];
      out.push({
        path, method: method.toUpperCase(), id: op.operationId, capability: op['x-capability'],
        bodyMax: op['x-body-max'] ?? 0, op, pointer: `/paths/${escape(path)}/${method}`,
        parameters: [...(item.parameters ?? []), ...(op.parameters ?? [])],
      });
    }
  }
  return out;
}

const escape = (name) => name.replaceAll('~', '~0').replaceAll('/', '~1');

export class Contract {
  constructor(file) {
    this.text = readFileSync(file, 'utf8');
    this.doc = parse(this.text);
    this.operations = operationsOf(this.doc);
    this.byId = new Map(this.operations.map((o) => [o.id, o]));
    this.ajv = new Ajv2020.default({ strict: false, allErrors: true });
    addFormats.default(this.ajv);
    this.ajv.addFormat('binary', true);
    this.ajv.addSchema(this.doc, 'contract');
    this.compiled = new Map();
  }

  at(pointer) {
    let node = this.doc;
    for (const part of pointer.split('/').slice(1)) {
      node = node?.[part.replaceAll('~1', '/').replaceAll('~0', '~')];
    }
    return node;
  }

  /** Follows $ref; gives the node and where it really stands. */
  resolve(pointer) {
    const node = this.at(pointer);
    return node?.$ref !== undefined ? this.resolve(node.$ref.slice(1)) : { node, pointer };
  }

  /** Faults of a value against the schema at a pointer, as texts. */
  faults(pointer, value) {
    let check = this.compiled.get(pointer);
    if (check === undefined) {
      check = this.ajv.compile({ $ref: `contract#${pointer.split('/').map(encodeURIComponent).join('/')}` });
      this.compiled.set(pointer, check);
    }
    return check(value) ? [] : check.errors.map((e) => `${e.instancePath || '/'} ${e.message} ${JSON.stringify(e.params)}`);
  }

  /** Which operation a request is for: literal segments before parameters. */
  find(method, path) {
    const parts = path.split('?')[0].split('/');
    const fits = this.operations.filter((o) => {
      const own = o.path.split('/');
      return o.method === method && own.length === parts.length &&
        own.every((s, i) => s.startsWith('{') || s === parts[i]);
    });
    return fits.sort((a, b) => (a.path.includes('{') ? 1 : 0) - (b.path.includes('{') ? 1 : 0))[0];
  }

  /** Faults of an answer: status, headers, content type and body. headers: lower-case names. */
  answerFaults(operation, status, headers, body) {
    const base = `${operation.pointer}/responses`;
    const key = this.at(`${base}/${status}`) !== undefined ? String(status) : 'default';
    if (key === 'default' && status < 400) return [`status ${status} is not in the contract`];
    const { node, pointer } = this.resolve(`${base}/${key}`);
    const faults = [];
    for (const [name, wanted] of Object.entries(node.headers ?? {})) {
      const header = this.resolve(`${pointer}/headers/${escape(name)}`);
      const value = headers[name.toLowerCase()];
      if (value === undefined) {
        if (header.node.required) faults.push(`header ${name} is missing`);
        continue;
      }
      const text = Array.isArray(value) ? value[0] : value;
      const typed = header.node.schema.type === 'integer' ? Number(text) : text;
      faults.push(...this.faults(`${header.pointer}/schema`, typed).map((f) => `header ${name}: ${f}`));
      void wanted;
    }
    const type = (headers['content-type'] ?? '').split(';')[0];
    if (node.content === undefined) {
      if (body.length > 0) faults.push(`a body of ${body.length} bytes where none belongs`);
      return faults;
    }
    if (node.content[type] === undefined) return [...faults, `content type '${type}' is not in the contract`];
    if (type.startsWith('image/jpeg') || type === 'text/event-stream') return faults;
    const text = body.toString('utf8');
    const value = type.endsWith('json') ? JSON.parse(text) : text;
    faults.push(...this.faults(`${pointer}/content/${escape(type)}/schema`, value));
    if (type === 'application/problem+json' && value.status !== status) faults.push('problem status differs');
    return faults;
  }
}

function* walk(node, pointer = '') {
  yield [pointer, node];
  if (node === null || typeof node !== 'object') return;
  for (const [key, value] of Object.entries(node)) yield* walk(value, `${pointer}/${escape(key)}`);
}

function lintSchema(c, pointer, schema, inRequest, say) {
  if (schema.$ref !== undefined) return;
  for (const word of Object.keys(schema)) {
    if (!SCHEMA_WORDS.has(word) && !word.startsWith('x-')) say(pointer, `unknown schema word '${word}'`);
  }
  const types = [schema.type ?? []].flat();
  if (types.includes('object')) {
    if (schema.additionalProperties !== false) say(pointer, 'additionalProperties is not false');
    for (const name of schema.required ?? []) {
      if (schema.properties?.[name] === undefined) say(pointer, `required '${name}' is no property`);
    }
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const at = `${pointer}/properties/${escape(name)}`;
    const described = property.description ?? c.resolve(at).node.description;
    if (!described) say(at, 'has no description');
    lintSchema(c, at, property, inRequest, say);
  }
  if (schema.items) lintSchema(c, `${pointer}/items`, schema.items, inRequest, say);
  for (const [i, one] of (schema.oneOf ?? []).entries()) lintSchema(c, `${pointer}/oneOf/${i}`, one, inRequest, say);
  const isBounded = ['maxLength', 'enum', 'pattern', 'const'].some((w) => schema[w] !== undefined) || schema.format === 'binary';
  if (inRequest && types.includes('string') && !isBounded) say(pointer, 'a text from outside without a limit');
  if (inRequest && types.includes('array') && schema.maxItems === undefined) say(pointer, 'a list from outside without a limit');
}

function lintOperation(c, o, tags, say) {
  const { op, pointer } = o;
  const statuses = Object.keys(op.responses ?? {});
  const needs = ['default'];
  const isWrite = o.method !== 'GET';
  const isPage = op.tags?.[0] === 'lite'; // plain pages: problems are pages, and a form's key is one of its fields
  if (!op.operationId) say(pointer, 'has no operationId');
  if (!op.description || !op.summary) say(pointer, 'has no summary or description');
  if (!(op.tags?.length === 1 && tags.has(op.tags[0]))) say(pointer, 'needs one of the tags declared above');
  if (!o.capability) say(pointer, 'has no x-capability');
  if (!statuses.some((s) => s.startsWith('2') || s.startsWith('3'))) say(pointer, 'has no answer that is good');
  if ((o.capability === 'public') !== (op.security?.length === 0)) say(pointer, 'security and x-capability differ');
  if (o.capability !== 'public') needs.push('401');
  if (!['public', 'signed_in'].includes(o.capability) || isWrite) needs.push('403');
  if (isWrite) needs.push('429', '503');
  if (op.requestBody) needs.push('413', '422');
  if (Boolean(op.requestBody) !== o.bodyMax > 0) say(pointer, 'x-body-max and requestBody differ');
  for (const status of needs) {
    if (!statuses.includes(status)) say(pointer, `lacks the answer ${status}`);
  }
  for (const status of statuses.filter((s) => s === 'default' || Number(s) >= 400)) {
    const { node } = c.resolve(`${pointer}/responses/${status}`);
    const fault = isPage ? 'text/html' : 'application/problem+json';
    if (node.content?.[fault] === undefined) say(pointer, `${status} is no ${isPage ? 'page' : 'problem document'}`);
  }
  const names = o.parameters.map((p, i) => c.resolve(p.$ref ? p.$ref.slice(1) : '').node ?? p).map((p, i) => (o.parameters[i].$ref ? p : o.parameters[i]));
  for (const p of names) {
    if (!p.description) say(pointer, `parameter ${p.name} has no description`);
  }
  for (const [, name] of o.path.matchAll(/\{(\w+)\}/g)) {
    if (!names.some((p) => p.in === 'path' && p.name === name && p.required)) say(pointer, `lacks the path parameter ${name}`);
  }
  const form = op.requestBody?.content?.['application/x-www-form-urlencoded']?.schema?.$ref;
  if (isPage && isWrite && !c.at(form?.slice(1))?.required?.includes('key')) say(pointer, 'a form without its key');
  if (o.method === 'POST' && !isPage && !names.some((p) => p.name === 'Idempotency-Key' && p.required)) say(pointer, 'a POST without Idempotency-Key');
}

/** Schemas that requests reach, by pointer. */
function requestSchemas(c) {
  const seen = new Set();
  const visit = (pointer) => {
    const { node, pointer: at } = c.resolve(pointer);
    if (seen.has(at) || node === undefined) return;
    seen.add(at);
    for (const [below, inner] of walk(node)) {
      if (typeof inner?.$ref === 'string') visit(inner.$ref.slice(1));
      void below;
    }
  };
  for (const o of c.operations) {
    for (const type of Object.keys(o.op.requestBody?.content ?? {})) visit(`${o.pointer}/requestBody/content/${escape(type)}/schema`);
  }
  return seen;
}

function lintExamples(c, say) {
  for (const [pointer, node] of walk(c.doc)) {
    const isSchema = node?.properties !== undefined || node?.pattern !== undefined;
    if (isSchema && node.example !== undefined) for (const f of c.faults(pointer, node.example)) say(pointer, `example: ${f}`);
    if (isSchema && Array.isArray(node.examples)) {
      for (const one of node.examples) for (const f of c.faults(pointer, one)) say(pointer, `example: ${f}`);
    }
    if (node?.schema !== undefined && node.example !== undefined) {
      for (const f of c.faults(`${pointer}/schema`, node.example)) say(pointer, `example: ${f}`);
    }
  }
}

/** Faults of the contract file itself, as texts. */
export async function lint(c) {
  const faults = [];
  const say = (pointer, text) => faults.push(`${pointer || '/'}: ${text}`);
  const result = await new Validator().validate(structuredClone(c.doc));
  if (!result.valid) faults.push(`not a valid OpenAPI document: ${JSON.stringify(result.errors)}`);
  if (!String(c.doc.openapi).startsWith('3.1.')) say('/openapi', 'is not 3.1');
  const used = new Set();
  for (const [pointer, node] of walk(c.doc)) {
    if (typeof node?.$ref !== 'string') continue;
    used.add(node.$ref);
    if (!node.$ref.startsWith('#/') || c.at(node.$ref.slice(1)) === undefined) say(pointer, `${node.$ref} leads nowhere`);
  }
  if (faults.length > 0) return faults; // what follows needs references that resolve
  for (const kind of Object.keys(c.doc.components)) {
    if (kind === 'securitySchemes') continue;
    for (const name of Object.keys(c.doc.components[kind])) {
      if (!used.has(`#/components/${kind}/${name}`)) say(`/components/${kind}/${name}`, 'is used nowhere');
    }
  }
  const ids = c.operations.map((o) => o.id);
  for (const id of ids.filter((one, i) => ids.indexOf(one) !== i)) say('/paths', `operationId ${id} stands twice`);
  const tags = new Set(c.doc.tags.map((t) => t.name));
  for (const o of c.operations) lintOperation(c, o, tags, say);
  const fromOutside = requestSchemas(c);
  for (const [name, schema] of Object.entries(c.doc.components.schemas)) {
    const pointer = `/components/schemas/${name}`;
    if (!schema.description) say(pointer, 'has no description');
    lintSchema(c, pointer, schema, fromOutside.has(pointer), say);
  }
  lintExamples(c, say);
  return faults;
}

/** Faults where the program's table and the contract differ. lines: "POST /path op capability body_max". */
export function compareRoutes(c, lines) {
  const faults = [];
  const program = new Map();
  for (const line of lines) {
    const [method, path, id, capability, bodyMax] = line.split(' ');
    program.set(id, { method, path, capability, bodyMax: Number(bodyMax) });
  }
  if (program.size === 0) faults.push('the program names no routes');
  for (const [id, route] of program) {
    const o = c.byId.get(id);
    if (o === undefined) {
      faults.push(`${id}: in the program, not in the contract`);
      continue;
    }
    for (const key of ['method', 'path', 'capability', 'bodyMax']) {
      if (route[key] !== o[key]) faults.push(`${id}: ${key} is ${route[key]} in the program, ${o[key]} in the contract`);
    }
  }
  for (const o of c.operations) {
    if (!program.has(o.id)) faults.push(`${o.id}: in the contract, not in the program`);
  }
  return faults;
}
