// A management endpoint of a WebSocket API that answers everything alike, for tests of the client.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Listens, and points the handle of this name at itself until it is disposed of. */
export async function serveOnce(name: string, status: number, type: string): Promise<AsyncDisposable> {
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(status, { 'x-amzn-errortype': type }).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const saved = { ...process.env }
  const { port } = server.address() as AddressInfo
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    [`GOBLET_WEBSOCKET_${name}`]: `http://127.0.0.1:${port}/dev`,
  })
  return {
    [Symbol.asyncDispose]: async () => {
      process.env = saved
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
