// Fills a store until the disk refuses, in a process of its own whose files are limited; prints what came of it as JSON.
import { openStore, under } from '../../src/local/store.ts'

const directory = String(process.argv[2])
const BODY = 'x'.repeat(20_000)
const store = openStore(directory)
const outcome = { written: 0, refused: 0, code: '', readable: 0, removed: 0, writtenAfter: 0 }

async function attempt(work: Parameters<typeof store.commit>[0]): Promise<boolean> {
  try {
    await store.commit(work)
    return true
  } catch (error) {
    outcome.code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return false
  }
}

while (outcome.refused < 20) {
  const number = outcome.written
  if (await attempt((writer) => writer.put(['row', number], BODY))) outcome.written++
  else outcome.refused++
}
for (const { value } of store.range<string>(under('row'))) if (value === BODY) outcome.readable++
for (let number = 0; number < 20; number++) {
  if (await attempt((writer) => writer.remove(['row', number]))) outcome.removed++
}
for (let number = 0; number < 5; number++) {
  if (await attempt((writer) => writer.put(['row', 'after', number], BODY))) outcome.writtenAfter++
}
await store.close()
console.log(JSON.stringify(outcome))
