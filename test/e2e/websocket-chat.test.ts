// The chat of examples/ as its users have it: rooms apart, the last ten messages, nothing lost to a race, nobody stale after a kill.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { connected, copyChat, enter, type Guest } from '../support/chat.ts'
import { type Dev, startDev } from '../support/dev.ts'

const { folder, remove } = copyChat()
let dev: Dev
const guests: Guest[] = []

before(async () => {
  dev = await startDev(folder)
})
after(async () => {
  await Promise.all(guests.map((guest) => guest.leave()))
  await dev.stop()
  remove()
})

const join = async (room: string): Promise<Guest> => {
  const guest = await enter(dev.http, room)
  guests.push(guest)
  return guest
}

test('a message reaches its room and no other', async () => {
  const [ada, bob, eve] = [await join('python'), await join('python'), await join('go')]
  assert.deepEqual((await connected(dev.aws)).map(({ room }) => room).sort(), ['go', 'python', 'python'])
  ada.say({ action: 'sendMessage', user_name: 'ada', content: 'Hello!' })
  const expected = [{ messages: [{ user_name: 'ada', content: 'Hello!' }] }]
  assert.deepEqual(await ada.hears(1), expected)
  assert.deepEqual(await bob.hears(1), expected)
  // What eve asks for now is answered after anything that was sent to her.
  eve.say({ action: 'nosuch' })
  assert.deepEqual(
    (await eve.hears(1)).map(({ error }) => error),
    ['There is no such action.'],
  )
})

test('somebody who names another room, no room or nothing is told so', async () => {
  const eve = await join('go')
  eve.say({ action: 'sendMessage', user_name: 'eve', content: 'Boo!', room_name: 'python' })
  eve.say({ action: 'sendMessage', user_name: 'eve' })
  const codes = (await eve.hears(2)).map(({ Code }) => Code).sort()
  assert.deepEqual(codes, ['BadRequestError', 'ForbiddenError'])
  await assert.rejects(enter(dev.http, ''), /400/)
})

test('the last ten messages are those of the room, the oldest first', async () => {
  const [a, b] = [await join('a'), await join('b')]
  const talk = async (guest: Guest, count: number): Promise<void> => {
    for (let number = 1; number <= count; number++) {
      guest.say({ action: 'sendMessage', user_name: 'u', content: String(number) })
      await guest.hears(number)
    }
  }
  await talk(a, 12)
  await talk(b, 18)
  a.say({ action: 'getRecentMessages' })
  const recent = (await a.hears(13)).at(-1)?.messages?.map(({ content }) => content)
  assert.deepEqual(recent, ['3', '4', '5', '6', '7', '8', '9', '10', '11', '12'])
})

test('messages of one moment are all kept', async () => {
  const many = await Promise.all(Array.from({ length: 8 }, () => join('rush')))
  for (const [number, guest] of many.entries())
    guest.say({ action: 'sendMessage', user_name: `u${number}`, content: 'now' })
  for (const guest of many) await guest.hears(8)
  const answer = await fetch(`${dev.http}/rooms`)
  const rooms = (await answer.json()) as { room_name: string; messages: number }[]
  assert.equal(rooms.find(({ room_name }) => room_name === 'rush')?.messages, 8)
})

test('who leaves is taken off the list', async () => {
  const guest = await join('short')
  await guest.leave()
  for (let tries = 0; tries < 50 && (await connected(dev.aws)).some(({ room }) => room === 'short'); tries++)
    await pause(20)
  assert.deepEqual(
    (await connected(dev.aws)).filter(({ room }) => room === 'short'),
    [],
  )
})

test('after a kill -9 the rows of those who were connected answer 410, and go', { timeout: 60_000 }, async () => {
  await join('crash')
  await join('crash')
  await dev.stop('SIGKILL')
  dev = await startDev(folder)
  const stale = (await connected(dev.aws)).filter(({ room }) => room === 'crash').map(({ id }) => id)
  assert.equal(stale.length, 2)
  // A row is given a second, as its connection may still be opening.
  await pause(1000)
  const survivor = await join('crash')
  survivor.say({ action: 'sendMessage', user_name: 'ada', content: 'Anybody?' })
  await survivor.hears(1)
  for (let tries = 0; tries < 100 && (await connected(dev.aws)).some(({ id }) => stale.includes(id)); tries++)
    await pause(20)
  const left = (await connected(dev.aws)).filter(({ room }) => room === 'crash')
  assert.equal(left.length, 1)
  assert.ok(!stale.includes(left[0]?.id ?? ''))
})
