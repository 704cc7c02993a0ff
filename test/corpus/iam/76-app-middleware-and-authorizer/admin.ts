import { route } from 'goblet'
import { users } from './app.ts'

export const wipe = route('DELETE /users/{id}', { isolate: true }, async ({ params }) => {
  await users.delete(params.id)
})
