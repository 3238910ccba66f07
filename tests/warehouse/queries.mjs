// SPDX-License-Identifier: GPL-3.0-or-later
// Runs every query of WAREHOUSE.md on a fleet of files, in DuckDB and, where chdb is installed, in
// ClickHouse, and compares the answers with each other and with the program's own SQL.
//
//   queries.mjs CLI FOLDER DOCUMENT FILE...
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { find, load } from './load.mjs'

const { DuckDBInstance } = await load('@duckdb/node-api')
const chdb = await find('chdb')
const query = chdb?.query ?? chdb?.default.query

const [cli, folder, document, ...files] = process.argv.slice(2)
const out = join(folder, 'warehouse')
const environment = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') }
const db = await (await DuckDBInstance.create(':memory:')).connect()
let failures = 0

function run(...args) {
  return execFileSync(cli, args, { env: environment, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] })
}

// "```sql duckdb" and "```sql clickhouse" blocks below their headings.
function blocks(text) {
  const found = []
  let title = ''
  for (const match of text.matchAll(/^#+ (.*)$|^```sql (\w+)\n([\s\S]*?)^```$/gm)) {
    if (match[1]) title = match[1]
    else found.push({ title, engine: match[2], sql: match[3].replaceAll('warehouse/', `${out}/`) })
  }
  return found
}

// Rows as texts: the engines print dates and numbers in ways of their own.
const plain = rows => rows.map(row => row.map(v => (v === null || v === undefined ? 'NULL' : Math.abs(Number(v)) < 1e15 && v !== '' && !Number.isNaN(Number(v)) ? String(Math.round(Number(v) * 1000) / 1000) : String(v))))

async function duckdb(sql) {
  return plain((await db.runAndReadAll(sql)).getRowsJson())
}

function clickhouse(sql) {
  const text = query(sql.trim().replace(/;$/, ''), 'JSONCompactEachRow').toString()
  return plain(text.split('\n').filter(line => line).map(line => JSON.parse(line)))
}

function equal(what, a, b) {
  if (JSON.stringify(a) === JSON.stringify(b)) return
  failures++
  console.error(`FAIL ${what}:\n  ${JSON.stringify(a)?.slice(0, 600)}\n  ${JSON.stringify(b)?.slice(0, 600)}`)
}

run('export', ...files, '-o', out)
run('export', ...files, '-o', out) // again: nothing may be there twice
run('summary', ...files, '-o', join(out, 'summary.parquet'))

const answers = {}
const every = blocks(readFileSync(document, 'utf8'))
const all = every.filter(block => block.engine === 'duckdb' || query)
if (all.length < every.length) console.log(`NOT RUN: ${every.length - all.length} queries of ClickHouse (UNPARK_CLICKHOUSE=1 ./dev test installs it)`)
for (const { title, engine, sql } of all) {
  let rows
  try {
    rows = engine === 'duckdb' ? await duckdb(sql) : clickhouse(sql)
  } catch (e) {
    failures++
    console.error(`FAIL ${title}, ${engine}: ${e.message}`)
    continue
  }
  if (rows.length === 0) equal(`${title}, ${engine}: rows`, 0, 'some')
  ;(answers[title] ??= {})[engine] = rows
}
for (const [title, { duckdb: a, clickhouse: b }] of Object.entries(answers)) if (query) equal(`${title}: DuckDB and ClickHouse`, a, b)

// The same sums as the program's own, over all files.
const states = {}
for (const file of files)
  for (const line of run('query', file, 'SELECT state, count(*), sum(duration_ns) FROM span GROUP BY state', '--format', 'tsv').trim().split('\n')) {
    const [state, n, sum] = line.split('\t')
    if (!state) continue
    const s = (states[state] ??= [0n, 0n])
    s[0] += BigInt(n)
    s[1] += BigInt(sum)
  }
const theirs = await duckdb(`SELECT state, count(*), CAST(sum(duration_ns) AS VARCHAR) FROM read_parquet('${out}/table=span/**/*.parquet') GROUP BY state ORDER BY state`)
equal('GROUP BY state over all files', theirs.map(r => r.map(String)), Object.keys(states).sort().map(s => plain([[s, String(states[s][0]), String(states[s][1])]])[0]))
console.log(`${all.length} queries, ${failures} differences`)
process.exit(failures || all.length === 0 ? 1 : 0)
