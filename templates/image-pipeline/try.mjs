// Sends the photographs of this folder through the running pipeline: serves them, and puts one job each on the queue.
import { execFileSync } from 'node:child_process'
import { createReadStream, readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { basename, extname, join } from 'node:path'

const folder = join(import.meta.dirname, 'photographs')
const names = readdirSync(folder)

const server = createServer((request, response) => {
  const name = basename(request.url ?? '')
  if (names.includes(name)) createReadStream(join(folder, name)).pipe(response)
  else response.writeHead(404).end()
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))

for (const name of names) {
  const job = {
    filename: `${basename(name, extname(name))}.webp`,
    url: `http://127.0.0.1:${server.address().port}/${name}`,
  }
  execFileSync('npx', ['goblet', 'send', 'jobs', JSON.stringify(job)], { stdio: 'inherit' })
}
console.log('Serving the originals for ten seconds; see http://127.0.0.1:8000/ for the results.')
setTimeout(() => server.close(), 10_000)
