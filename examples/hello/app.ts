// The smallest app.
import { app, route } from 'goblet'

export default app('hello')

export const index = route('GET /', () => ({ hello: 'world' }))
export const city = route('GET /cities/{city}', ({ params }) => ({ city: params.city }))
