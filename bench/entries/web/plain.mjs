// A listener without any framework: what is measured around it is the adapter.
export function make(extra) {
  return (request, response) => {
    response.setHeader('content-type', 'application/json')
    if (request.method === 'POST') {
      const chunks = []
      request.on('data', (chunk) => chunks.push(chunk))
      request.on('end', () => response.end(JSON.stringify({ id: '42', ...JSON.parse(Buffer.concat(chunks)) })))
    } else if (request.url === '/hello') response.end('{"hello":"world"}')
    else response.end(JSON.stringify({ id: '42', i: Number(request.url.split('/')[1].slice(1)) % (extra || 1) }))
  }
}
