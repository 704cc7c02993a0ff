// Many functions, and one app of all kinds, on MiniStack: what is asked of an app's size and of its breadth.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { changed, jsonAt, removed, skip, textAt, until, withPlace } from '../support/life.ts'

const numbers = Array.from({ length: 50 }, (_, n) => n)
const FIFTY = `import { app, route } from 'goblet'

export default app('fifty')
${numbers.map((n) => `export const f${n} = route('GET /f${n}', { isolate: true }, () => ({ n: ${n} }))`).join('\n')}
`

describe('deployed to MiniStack', { skip, timeout: 170_000 }, () => {
  it('fifty functions: each answers, one that changes is the only one that is sent, and all go back and away', () =>
    withPlace(async (place) => {
      const project = await place.project('examples/hello')
      await project.write('app.ts', FIFTY)
      const { urls } = await project.deploy()
      const answers = await Promise.all(numbers.map((n) => jsonAt(`${urls.api}/f${n}`)))
      assert.deepEqual(
        answers,
        numbers.map((n) => ({ n })),
      )
      const again = await project.deploy()
      assert.deepEqual([again.did, again.mutations], ['nothing', 0])
      const plan = await project.goblet('plan', '--json')
      assert.equal(JSON.parse(plan.out).kind, 'nothing', plan.error)
      await changed(project, ['app.ts', '({ n: 7 })', '({ n: 77 })'], async () =>
        (await textAt(`${urls.api}/f7`)).includes('77'),
      )
      console.log(`50 functions: nothing to do in ${again.seconds} s by ${again.calls} calls`)
      assert.deepEqual(await removed(place, project), [])
    }))

  it('everything: an order goes through all ten kinds', () =>
    withPlace(async (place) => {
      const project = await place.project('examples/everything')
      const { urls } = await project.deploy()
      const placed = await fetch(`${urls.api}/orders/o-1`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ customer: 'ada', items: ['a book', 'a lamp'] }),
      })
      assert.deepEqual([placed.status, await placed.json()], [201, { total: 500, currency: 'EUR' }])
      const figures = await until(
        () => jsonAt(`${urls.api}/figures`) as Promise<{ what: string; count: number }[]>,
        (found) => found.length === 3,
      )
      assert.deepEqual(figures.map(({ what, count }) => `${what} ${count}`).sort(), [
        'packed 1',
        'placed 1',
        'shipped 1',
      ])
      assert.deepEqual(await jsonAt(`${urls.api}/pepper`), 40)
      assert.deepEqual(await removed(place, project, '--data'), [])
    }))
})
