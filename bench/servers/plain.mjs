// The limit for a server on this machine: node:http and a fixed answer. Prints its port.
import { createServer } from 'node:http'

const body = '{"hello":"world"}'
const server = createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
  response.end(body)
})
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })))
