// Measures the engine beside the reference implementation, in one run: evaluation
// and parsing of the expressions of bench.json, and a loop that counts.
// `make bench-jsonata` runs it. JSONATA_REFERENCE is a folder where the npm package
// jsonata is installed.
//
// The two take turns, and the best of several rounds counts for each: what else
// the machine does then disturbs neither more than the other.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import module from 'node:module'
import os from 'node:os'
import path from 'node:path'

const rounds = 7
const here = import.meta.dirname
const require = module.createRequire((process.env.JSONATA_REFERENCE ?? process.cwd()) + '/')
const jsonata = require('jsonata')
const { version } = JSON.parse(fs.readFileSync(path.join(path.dirname(require.resolve('jsonata')), 'package.json'), 'utf8'))
const { expressions, input } = JSON.parse(fs.readFileSync(path.join(here, 'bench.json'), 'utf8'))

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jsonata-'))
const program = path.join(folder, 'jsonata.test')
execFileSync('go', ['test', '-c', '-o', program, '.'], { cwd: path.dirname(here) })

// ours is the time of one run of a Go benchmark, in nanoseconds.
function ours(benchmark) {
  const args = ['-test.run', '^$', '-test.bench', benchmark, '-test.benchtime', '150ms']
  const out = execFileSync(program, args, { cwd: path.dirname(here), encoding: 'utf8' })
  return Number(/([\d.]+) ns\/op/.exec(out)[1])
}

// theirs is the time of one call, in nanoseconds, over so many milliseconds.
async function theirs(call, ms, atOnce) {
  const start = process.hrtime.bigint()
  for (let calls = atOnce; ; calls += atOnce) {
    for (let i = 0; i < atOnce; i++) await call()
    const spent = Number(process.hrtime.bigint() - start)
    if (spent > ms * 1e6) return spent / calls
  }
}

async function compare(call, benchmark, atOnce = 100) {
  await theirs(call, 1000, atOnce) // to warm up
  let best = { theirs: Infinity, ours: Infinity }
  for (let i = 0; i < rounds; i++) {
    best.theirs = Math.min(best.theirs, await theirs(call, 150, atOnce))
    best.ours = Math.min(best.ours, ours(benchmark))
  }
  return { ...best, ratio: best.theirs / best.ours }
}

const us = (ns) => (ns / 1000).toFixed(2)
const row = (...cells) => console.log(`| ${cells.join(' | ')} |`)
const go = execFileSync('go', ['version'], { encoding: 'utf8' }).split(' ')[2]
console.log(`jsonata ${version} on node ${process.version}; ${go}; microseconds, best of ${rounds}\n`)
row('expression', 'evaluation: reference', 'ours', 'times as fast', 'parsing: reference', 'ours', 'times as fast')
row('---', '---:', '---:', '---:', '---:', '---:', '---:')
let least = Infinity
for (const { name, expr } of expressions) {
  const key = name.replaceAll(' ', '_')
  const compiled = jsonata(expr)
  const e = await compare(() => compiled.evaluate(input), `^BenchmarkEval$/^${key}$`)
  const p = await compare(() => void jsonata(expr), `^BenchmarkCompile$/^${key}$`)
  least = Math.min(least, e.ratio, p.ratio)
  row(name, us(e.theirs), us(e.ours), e.ratio.toFixed(1), us(p.theirs), us(p.ours), p.ratio.toFixed(1))
}

// The loop of BenchmarkLoop.
const [less, sum, output] = ['$n < $limit', '$n + 1', '$n'].map((expr) => jsonata(expr))
async function loop() {
  const bound = { n: 0, limit: 10000 }
  while (await less.evaluate(undefined, bound)) {
    bound.n = await sum.evaluate(undefined, bound)
    await output.evaluate(undefined, bound)
  }
}
const l = await compare(loop, '^BenchmarkLoop$', 1)
console.log(`\ncounting to 10,000: reference ${us(l.theirs / 1000)} ms, ours ${us(l.ours / 1000)} ms, ${l.ratio.toFixed(1)} times as fast`)
console.log(`at least ${least.toFixed(1)} times as fast`)
fs.rmSync(folder, { recursive: true })
