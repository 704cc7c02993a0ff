// Sends a message to an HTTP endpoint.
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { Receipt } from '../../service.ts'

// Source: "Amazon SNS HTTP/HTTPS delivery": an endpoint has 15 seconds to answer.
const PATIENCE = 15_000

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/** Whether an address is this machine's own. */
export function isLoopback(url: string): boolean {
  return URL.canParse(url) && LOOPBACK.test(new URL(url).hostname)
}

/** Posts it. Redirects are not followed: they could lead off this machine. */
export function post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<Receipt> {
  return new Promise((resolve) => {
    const request = url.startsWith('https:') ? requestHttps : requestHttp
    const signal = AbortSignal.timeout(PATIENCE)
    const sent = request(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      signal,
    })
    sent.once('error', (error) => resolve({ refused: error.message }))
    sent.once('response', (response) => {
      response.resume()
      response.once('error', () => undefined)
      resolve(toReceipt(response.statusCode ?? 0))
    })
    sent.end(body)
  })
}

// Source: "Amazon SNS message delivery retries": what the endpoint calls the client's fault is not tried again, but for 429.
function toReceipt(status: number): Receipt {
  if (status >= 200 && status < 300) return 'taken'
  const words = `It answered with the status ${status}.`
  return status >= 400 && status < 500 && status !== 429 ? { gone: words } : { refused: words }
}
