// The image pipeline, as `npm start` runs it: real photographs through queue, function and bucket, and jobs that cannot work.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const example = join(root, 'examples/image-pipeline')

test('npm start shrinks every photograph, keeps the failed jobs with their reasons, and goes on serving', async (t) => {
  const child = spawn(process.execPath, ['start.mjs', '0', '0'], { cwd: example, stdio: ['ignore', 'pipe', 'pipe'] })
  const gone = new Promise((resolve) => child.once('exit', resolve))
  t.after(async () => {
    child.kill('SIGTERM')
    await gone
  })
  const text = await outputUntil(child, 'Serving until Ctrl-C.')
  const names = readdirSync(join(example, 'photographs')).filter((name) => !name.endsWith('.md'))
  assert.ok(names.length >= 5)
  for (const name of names) {
    const [, before, after, url] = new RegExp(`${name}\\s+(\\d+) kB ->\\s+(\\d+) kB .*(http://\\S+)`).exec(text) ?? []
    assert.ok(Number(after) < Number(before), `${name} got smaller: ${before} -> ${after}`)
    const answer = await fetch(String(url))
    assert.equal(answer.headers.get('content-type'), 'image/webp')
    assert.equal(Buffer.from(await answer.arrayBuffer()).toString('latin1', 8, 12), 'WEBP')
  }
  assert.match(text, /nothing there\s+\S+ answered 404/)
  assert.match(text, /not a picture\s+Input buffer contains unsupported image format/)
  assert.match(text, /30 MB\s+\S+ is larger than 20 MB/)
  const gallery = /Look at them: +(\S+)/.exec(text)?.[1] ?? ''
  assert.match(await (await fetch(gallery)).text(), new RegExp(`<h1>${names.length} photos</h1>`))
})

test('templates are their examples, where there is one, but for the name of the app', () => {
  const examples = readdirSync(join(root, 'examples'))
  const both = readdirSync(join(root, 'templates')).filter((name) => examples.includes(name))
  assert.deepEqual(both, ['hello', 'image-pipeline', 'websocket-chat'])
  for (const template of both) {
    const sources = readdirSync(join(root, 'templates', template)).filter((name) => name.endsWith('.ts'))
    for (const name of sources) {
      const here = readFileSync(join(root, 'templates', template, name), 'utf8')
      const there = readFileSync(join(root, 'examples', template, name), 'utf8')
      assert.equal(here, there.replace(/app\('[a-z-]+'/, "app('my-app'"), `${template}/${name}`)
    }
  }
})

async function outputUntil(child: ReturnType<typeof spawn>, end: string): Promise<string> {
  let text = ''
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      text += String(chunk)
      if (text.includes(end)) resolve(text)
    })
    child.stderr?.on('data', (chunk) => {
      text += String(chunk)
    })
    child.once('exit', (status) => reject(new Error(`npm start ended with ${status}: ${text}`)))
  })
}
