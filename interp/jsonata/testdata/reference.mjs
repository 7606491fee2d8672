// Answers expressions with the reference implementation, for TestReference: a
// JSON object a line in, one out. The arguments are the names of
// all functions, and the time $now tells. {"text"} adds an input document; {"expr", "doc"}
// is answered by {"value"}, {} for no result, or {"code", "position", "token"};
// "crash" is an error that is none of the language's.
import fs from 'node:fs'
import module from 'node:module'
import readline from 'node:readline'

// load is the package, which evaluates the items of an array and the values of an
// object all at once: made to do so in turn, so that it is always the first error
// that is reported.
function load() {
  const require = module.createRequire((process.env.JSONATA_REFERENCE ?? process.cwd()) + '/')
  const file = require.resolve('jsonata')
  const text = fs.readFileSync(file, 'utf8').replace(/([\w.]+(?:\(groups\))?)\s*\.map\(async \(/g, 'inTurn($1, async (')
  const helper = 'const inTurn = (list, f) => { let last = Promise.resolve(); return list.map((x, i) => (last = last.then(() => f(x, i)))) };'
  const loaded = new module.Module(file)
  loaded._compile(helper + text, file)
  return loaded.exports
}

const now = Number(process.argv[3])
globalThis.Date = class extends Date {
  constructor(...args) {
    super(...(args.length ? args : [now]))
  }
}

const jsonata = load()

const documents = []
const isFunction = (v) => typeof v === 'function' || (v !== null && typeof v === 'object' && (v._jsonata_function || v._jsonata_lambda))
const plain = (_, v) => (isFunction(v) || v instanceof RegExp ? undefined : v)

// The functions remember where they were called last, from one evaluation to the
// next.
const functions = await jsonata('[$' + process.argv[2].split(' ').join(',$') + ']').evaluate()

async function answer({ expr, doc }) {
  for (const f of functions) {
    delete f.position
    delete f.token
  }
  try {
    const input = doc < 0 ? undefined : JSON.parse(documents[doc])
    const value = await jsonata(expr, { timeout: 2000, stack: 400 }).evaluate(input)
    return isFunction(value) ? {} : { value: JSON.parse(JSON.stringify(value, plain) ?? 'null') , none: value === undefined }
  } catch (e) {
    if (!e.code) return { crash: String(e.message ?? e) }
    return { code: e.code, position: e.position, token: e.token === undefined ? undefined : String(e.token) }
  }
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const request = JSON.parse(line)
  if (request.text !== undefined) documents.push(request.text)
  else process.stdout.write(JSON.stringify(await answer(request)) + '\n')
}
