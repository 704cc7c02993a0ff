// A load generator on plain sockets: keep-alive GETs, one at a time on each connection. Does so little that servers are the limit.
import { connect } from 'node:net'

/** Asks for `milliseconds`; fails on any answer that is not 200 with the expected body. Returns answers per second. */
export async function load({ port, path, expected, milliseconds, connections = 16 }) {
  const request = `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`
  const began = performance.now()
  const counts = await Promise.all(
    Array.from({ length: connections }, () => ask({ port, request, expected, end: began + milliseconds })),
  )
  return (counts.reduce((sum, count) => sum + count, 0) * 1000) / (performance.now() - began)
}

function ask({ port, request, expected, end }) {
  return new Promise((resolve, reject) => {
    let count = 0
    let seen = ''
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => socket.write(request))
    socket.setEncoding('latin1')
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('The server closed the connection.')))
    socket.on('data', (text) => {
      seen = seen === '' ? text : seen + text
      if (!seen.includes('\r\n\r\n') || !seen.includes(expected)) {
        if (seen.length > 65_536) socket.destroy(new Error(`Unexpected answer: ${seen.slice(0, 300)}`))
        return
      }
      if (!seen.startsWith('HTTP/1.1 200')) return void socket.destroy(new Error(`Unexpected answer: ${seen}`))
      seen = ''
      count++
      if (performance.now() < end) return void socket.write(request)
      socket.removeAllListeners('close')
      socket.end()
      resolve(count)
    })
  })
}
