// SPDX-License-Identifier: GPL-3.0-or-later
// Exports files and compares every table with the program's own SQL: the number of rows and of values,
// sums of numbers, least and greatest, lengths of texts; as DuckDB reads it, and as hyparquet, which
// shares nothing with it.
//
//   compare.mjs CLI FOLDER FILE-OR-FOLDER...       FOLDER: for what is written
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { load } from './load.mjs'

const { DuckDBInstance } = await load('@duckdb/node-api')
const { parquetReadObjects } = await load('hyparquet')
const { compressors } = await load('hyparquet-compressors')

// hyparquet makes an object of every row.
const MOST_ROWS = 200000

const [cli, folder, ...operands] = process.argv.slice(2)
const environment = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') }
const db = await (await DuckDBInstance.create(':memory:')).connect()
let failures = 0
let tables = 0
let read = 0

function run(...args) {
  return execFileSync(cli, args, { env: environment, encoding: 'utf8', maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'ignore'] })
}

function files(path) {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path).sort().flatMap(name => files(join(path, name)))
}

const duck = async sql => (await db.runAndReadAll(sql)).getRows()
const print = value => (value === null || value === undefined ? 'NULL' : String(value))

// Of what is open together, not of a file: not exported.
const TOGETHER = ['process_source', 'service_hop']

// Numbers are summed in halves: neither SQLite nor DuckDB sums 64 bits beyond their ends.
function measures({ name, type, text }) {
  const c = type === 'DOUBLE' ? `CAST(round("${name}") AS BIGINT)` : `"${name}"`
  return text
    ? [`count(${c})`, `coalesce(sum(length(${c})), 0)`, `count(distinct ${c})`, `min(${c})`, `max(${c})`]
    : [`count(${c})`, `coalesce(sum(${c} & 4294967295), 0)`, `coalesce(sum((${c} >> 32) & 4294967295), 0)`, `min(${c})`, `max(${c})`]
}

// A function of SQLite takes 100 arguments.
function lists(expressions) {
  const texts = expressions.map(e => `CAST(${e} AS TEXT)`)
  const rows = []
  while (texts.length > 0) rows.push(`json_array(${texts.splice(0, 90).join(', ')})`)
  return rows.join(', ')
}

function compare(what, names, wanted, got) {
  for (let i = 0; i < wanted.length; i++) {
    if (wanted[i] === got[i]) continue
    failures++
    console.error(`FAIL ${what}: ${names[i]}: SQL has ${wanted[i].slice(0, 80)}, the file ${print(got[i]).slice(0, 80)}`)
  }
}

// What hyparquet reads: the number of rows, and of each column the first two measures.
async function readAll(parts) {
  const sums = {}
  let rows = 0
  for (const part of parts) {
    const bytes = readFileSync(part)
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)
    for (const object of await parquetReadObjects({ file, compressors })) {
      rows++
      for (const [name, value] of Object.entries(object)) {
        if (value === null || value === undefined) continue
        const sum = (sums[name] ??= [0n, 0n])
        sum[0]++
        sum[1] += typeof value === 'number' ? BigInt(Math.round(value)) & 0xffffffffn : typeof value === 'bigint' ? value & 0xffffffffn : BigInt([...value].length)
      }
    }
  }
  return { rows, sums }
}

function partsOf(root, table) {
  const top = join(root, `table=${table}`)
  return files(top)
}

// The columns of each table, as the files have them.
async function describe(file, out, schema) {
  const described = []
  for (const [table, names] of schema) {
    const parts = partsOf(out, table)
    const list = parts.map(p => `'${p}'`).join(', ')
    const rows = await duck(`DESCRIBE SELECT * FROM read_parquet([${list}], hive_partitioning = false)`)
    const columns = rows.map(([name, type]) => ({ name, type, text: type === 'VARCHAR' }))
    compare(`${file}: ${table}`, ['columns'], [names], [columns.map(c => c.name).join(', ')])
    for (const { name, type } of columns) if (!['VARCHAR', 'BIGINT', 'DOUBLE'].includes(type)) compare(`${file}: ${table}`, [name], ['BIGINT'], [type])
    const expressions = ['count(*)', ...columns.flatMap(measures)]
    described.push({ table, parts, list, columns, expressions })
  }
  return described
}

async function compareFile(file) {
  const out = join(folder, 'out')
  rmSync(out, { recursive: true, force: true })
  let schema
  try {
    schema = run('query', file, '.schema', '--format', 'tsv').trim().split('\n').map(line => line.split('\t')).filter(([table]) => !TOGETHER.includes(table))
  } catch {
    return // nothing that the program opens
  }
  run('export', file, '-o', out)
  const described = await describe(file, out, schema)
  const select = described.map(({ table, expressions }) => `(SELECT json_array(${lists(expressions)}) FROM "${table}") AS "${table}"`)
  const ours = JSON.parse(run('query', file, `SELECT ${select.join(', ')}`, '--format', 'json'))[0]
  for (const { table, parts, list, columns, expressions } of described) {
    const wanted = JSON.parse(ours[table]).flat().map(print)
    const theirs = (await duck(`SELECT ${expressions.join(', ')} FROM read_parquet([${list}], hive_partitioning = false)`))[0].map(print)
    compare(`${file}: ${table}, DuckDB`, expressions, wanted, theirs)
    tables++
    if (Number(wanted[0]) > MOST_ROWS) continue
    const { rows, sums } = await readAll(parts)
    const names = ['count(*)', ...columns.flatMap(c => measures(c).slice(0, 2))]
    const short = [wanted[0], ...columns.flatMap((c, i) => wanted.slice(1 + 5 * i, 3 + 5 * i))]
    compare(`${file}: ${table}, hyparquet`, names, short, [print(rows), ...columns.flatMap(c => (sums[c.name] ?? [0n, 0n]).map(print))])
  }
  read++
}

for (const file of operands.flatMap(files)) await compareFile(file)
console.log(`${tables} tables of ${read} files compared, ${failures} differences`)
process.exit(failures > 0 || tables === 0 ? 1 : 0)
