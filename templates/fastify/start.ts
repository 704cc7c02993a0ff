// Without Goblet: a server on a port of its own.
import { server } from './server.ts'

console.log(await server.listen({ port: 3000 }))
