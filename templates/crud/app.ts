// Notes in a table: made, listed, read, changed, deleted.
import { randomUUID } from 'node:crypto'
import { app, ConditionError, NotFoundError, reply, route, table } from 'goblet'

export default app('my-app')

interface Note {
  id: string
  text: string
}

export const notes = table<Note, 'id'>('notes', { key: 'id' })

export const create = route('POST /notes', async ({ json }) => {
  const note: Note = { id: randomUUID(), text: String(json.text) }
  await notes.put(note)
  return reply(note, { status: 201 })
})

export const list = route('GET /notes', () => notes.scan({ limit: 100 }).all())

export const read = route('GET /notes/{id}', async ({ params }) => {
  const note = await notes.get(params.id)
  if (note === undefined) throw new NotFoundError(params.id)
  return note
})

export const change = route('PUT /notes/{id}', async ({ params, json }) => {
  try {
    return await notes.update(params.id, { text: String(json.text) }, { if: { id: { exists: true } } })
  } catch (error) {
    throw error instanceof ConditionError ? new NotFoundError(params.id) : error
  }
})

export const remove = route('DELETE /notes/{id}', async ({ params }) => {
  await notes.delete(params.id)
})
