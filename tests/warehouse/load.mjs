// SPDX-License-Identifier: GPL-3.0-or-later
// Modules of $UNPARK_NODE_MODULES, or of _node/node_modules, where ./dev puts them. Where one is missing the test
// is skipped (status 77), and says how to get it.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const folder = process.env.UNPARK_NODE_MODULES || join(here, '..', '..', '_node', 'node_modules')

async function bring(name) {
  const { resolve } = createRequire(join(folder, '..', 'package.json'))
  return import(pathToFileURL(resolve(name)).href)
}

// undefined where it is not installed.
export async function find(name) {
  try {
    return await bring(name)
  } catch (e) {
    if (e.code !== 'MODULE_NOT_FOUND') throw e
  }
}

export async function load(name) {
  try {
    return await bring(name)
  } catch (e) {
    console.log(`SKIP: ${name} cannot be loaded (./dev test installs it where there is npm; or set UNPARK_NODE_MODULES): ${e.message.split('\n')[0]}`)
    process.exit(77)
  }
}
