// SPDX-License-Identifier: GPL-3.0-or-later
// Modules of $UNPARK_NODE_MODULES, or of _node/node_modules, where ./dev puts them. Where one is missing the test
// is skipped (status 77), and says how to get it.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const folder = process.env.UNPARK_NODE_MODULES || join(here, '..', '..', '_node', 'node_modules')

export async function load(name) {
  try {
    const { resolve } = createRequire(join(folder, '..', 'package.json'))
    return await import(pathToFileURL(resolve(name)).href)
  } catch (e) {
    console.log(`SKIP: ${name} cannot be loaded (./dev test installs it where there is npm; or set UNPARK_NODE_MODULES): ${e.message.split('\n')[0]}`)
    process.exit(77)
  }
}
