// Random raw HTTP at each front door: nothing crashes, hangs, smuggles or grows, and no answer is a 5xx. GOBLET_FUZZ sets how many.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type Front, shareFront } from '../support/front.ts'
import { type Shot, shoot } from '../support/fuzz.ts'
import { seeded } from '../support/random.ts'
import { rounds } from '../support/rounds.ts'

const COUNT = Number(process.env.GOBLET_FUZZ ?? rounds(2_000))
const SEED = Number(process.env.GOBLET_FUZZ_SEED ?? 1)
const AT_ONCE = 8
// What the journal may keep of requests, and what the machine gives back late.
const GROWTH = 64 * 1024 * 1024

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

function memory(): number {
  collect()
  return process.memoryUsage().heapUsed
}

async function fire(front: Front, { kind, bytes, end }: Shot): Promise<void> {
  const answer = await front.exchange(bytes, end)
  const shown = JSON.stringify(bytes.subarray(0, 600).toString('latin1'))
  for (const [, status] of answer.matchAll(/^HTTP\/1\.1 (\d+)/gm))
    assert.ok(Number(status) < 500, `${status} to ${shown}`)
  // Every well-formed request gets an answer, whatever it says.
  if (kind === 'good') assert.match(answer, /^HTTP\/1\.1 [1-4]\d\d /, shown)
  assert.ok(!/"(?:rawPath|path)":"\/smuggled"/.test(answer), `smuggled by ${shown}`)
}

for (const [index, door] of (['http', 'rest', 'url'] as const).entries()) {
  describe(`the ${door} door under ${Math.ceil(COUNT / 3)} random requests`, () => {
    const held = shareFront({ door, routes: { 'ANY /{rest+}': {}, 'ANY /': {}, 'GET /a/{b}': {} } })

    it('keeps answering', async () => {
      const random = seeded(SEED + index)
      let left = Math.ceil(COUNT / 3)
      let before = 0
      const work = async (): Promise<void> => {
        while (left-- > 0) {
          if (left === Math.floor(COUNT / 6)) before = memory()
          await fire(held.front, shoot(random))
        }
      }
      await Promise.all([...Array(AT_ONCE)].map(work))
      assert.ok(memory() - before < GROWTH, `grew by ${memory() - before}`)
      assert.equal((await fetch(`${held.front.url}/a/b`)).status, 200)
      assert.equal(Reflect.get({}, 'polluted'), undefined)
    })
  })
}
