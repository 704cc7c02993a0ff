// Loaded into `goblet dev` beside it: writes the size of its heap after a collection into a file, each time the file is removed.
import { existsSync, writeFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { isMainThread } from 'node:worker_threads'

const path = process.env.GOBLET_BENCH_HEAP
if (isMainThread && path !== undefined) {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  setInterval(() => {
    if (existsSync(path)) return
    collect()
    writeFileSync(path, String(process.memoryUsage().heapUsed))
  }, 100).unref()
}
