// SPDX-License-Identifier: GPL-3.0-or-later
// Values that a trace rarely has: the ends of 64 bits, NULLs, empty tables, names that are not fit to
// be shown, types mixed in a column, and ten million rows.
//
//   values.mjs CLI FOLDER FILE
import { execFileSync } from 'node:child_process'
import { openSync, closeSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from './load.mjs'

const { DuckDBInstance } = await load('@duckdb/node-api')
const { parquetReadObjects } = await load('hyparquet')
const { compressors } = await load('hyparquet-compressors')

const [cli, folder, file] = process.argv.slice(2)
const db = await (await DuckDBInstance.create(':memory:')).connect()
const target = join(folder, 'values.parquet')
let failures = 0

function write(sql) {
  const fd = openSync(target, 'w')
  execFileSync(cli, ['query', file, sql, '--format', 'parquet'], { stdio: ['ignore', fd, 'inherit'] })
  closeSync(fd)
}

async function duck(sql) {
  return (await db.runAndReadAll(sql.replace('$t', `read_parquet('${target}')`))).getRowsJson()
}

async function hyparquet() {
  const bytes = readFileSync(target)
  return await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length), compressors })
}

function equal(what, got, wanted) {
  const text = value => JSON.stringify(value, (k, v) => (typeof v === 'bigint' ? String(v) : v))
  if (text(got) === text(wanted)) return
  failures++
  console.error(`FAIL ${what}: ${text(got)?.slice(0, 300)}, not ${text(wanted).slice(0, 300)}`)
}

write("SELECT -9223372036854775807 - 1 AS least, 9223372036854775807 AS most, NULL AS missing UNION ALL SELECT 0, -1, NULL")
equal('ends of 64 bits', await duck('SELECT min(least), max(most), count(missing), count(*) FROM $t'), [['-9223372036854775808', '9223372036854775807', '0', '2']])
equal('ends of 64 bits, hyparquet', (await hyparquet()).map(o => [o.least, o.most]), [[-9223372036854775808n, 9223372036854775807n], [0n, -1n]])
equal('pruned by the statistics', await duck('SELECT count(*) FROM $t WHERE least > 0'), [['0']])
equal('found by the statistics', await duck('SELECT count(*) FROM $t WHERE most = 9223372036854775807'), [['1']])

write("SELECT 1 AS a, 'x' AS b, 1.5 AS c, x'00ff' AS d WHERE 0")
equal('empty', await duck('SELECT count(*), sum(a) FROM $t'), [['0', null]])
equal('empty, hyparquet', await hyparquet(), [])

write("SELECT column1 AS \"a b\"\"c\", column2 AS \"a b\"\"c\" FROM (VALUES (1, 'one'), (2.5, NULL), (NULL, ''), (9007199254740993, 4))")
equal('names that occur twice, reals and integers, texts and integers', await duck('SELECT * FROM $t'), [[1, 'one'], [2.5, null], [null, ''], [9007199254740992, '4']])
equal('names', (await duck('DESCRIBE SELECT * FROM $t')).map(r => r.slice(0, 2)), [['a b"c', 'DOUBLE'], ['a b"c_2', 'VARCHAR']])

write("SELECT char(9, 10, 13, 34, 39, 92) || '\u{1F600}\u202e' AS t UNION ALL SELECT char(27) || '[2J' UNION ALL SELECT '' UNION ALL SELECT NULL UNION ALL SELECT CAST(x'61ff62' AS TEXT)")
equal('hostile texts', (await hyparquet()).map(o => o.t ?? null), ['\t\n\r"\'\\\u{1F600}\u202e', '\u001b[2J', '', null, 'a\ufffdb'])
equal('hostile texts, DuckDB', (await duck('SELECT t FROM $t')).map(r => r[0]), ['\t\n\r"\'\\\u{1F600}\u202e', '\u001b[2J', '', null, 'a\ufffdb'])

write("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9999999) SELECT i, i % 7 AS few, CASE WHEN i % 3 THEN i * 1000003 END AS third, 'name ' || (i % 40000) AS text, i / 4.0 AS real FROM n")
equal('ten million rows', await duck('SELECT count(*), sum(i), sum(few), count(third), sum(third), count(DISTINCT text), sum(length(text)), sum(real) FROM $t'), [
  ['10000000', '49999995000000', '29999994', '6666666', String(sumOfSome()), '40000', String(lengths()), 12499998750000],
])
equal('ten million rows, pruned', await duck('SELECT count(*), min(i), max(i) FROM $t WHERE i BETWEEN 5000000 AND 5000009'), [['10', '5000000', '5000009']])

function sumOfSome() {
  let sum = 0n
  for (let i = 0n; i < 10000000n; i++) if (i % 3n !== 0n) sum += i
  return sum * 1000003n
}

function lengths() {
  let sum = 0
  for (let i = 0; i < 40000; i++) sum += `name ${i}`.length
  return sum * 250
}

console.log(`${failures} differences`)
process.exit(failures ? 1 : 0)
