// Deriving permissions: an app of ten functions with five clients of the SDK, cold and after an edit; what it weighs.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { figure, heading, median, print } from './measure.mjs'

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    functions: { type: 'string', default: '10' },
    edits: { type: 'string', default: '10' },
    once: { type: 'string' },
  },
})
const root = fileURLToPath(new URL('..', import.meta.url))

const CLIENTS = [
  ['s3', 'S3Client', 'PutObjectCommand', '{ Bucket: photos.name, Key: key, Body: text }'],
  ['dynamodb', 'DynamoDBClient', 'PutItemCommand', '{ TableName: orders.name, Item: { id: { S: key } } }'],
  ['sqs', 'SQSClient', 'SendMessageCommand', '{ QueueUrl: jobs.url, MessageBody: text }'],
  ['sns', 'SNSClient', 'PublishCommand', '{ TopicArn: news.arn, Message: text }'],
  ['lambda', 'LambdaClient', 'InvokeCommand', "{ FunctionName: 'other', Payload: text }"],
]

/** Every function calls all five clients, through a module of its own and a class that all share. */
function write(folder, functions) {
  mkdirSync(folder, { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{ "name": "bench-policy", "type": "module" }\n')
  const imports = CLIENTS.map(
    ([name, client, command]) => `import { ${client}, ${command} } from '@aws-sdk/client-${name}'`,
  )
  const made = CLIENTS.map(([name, client]) => `const ${name} = new ${client}({})`)
  const methods = CLIENTS.map(
    ([name, , command, input]) =>
      `  ${name}(key: string, text: string) {\n    return ${name}.send(new ${command}(${input}))\n  }`,
  )
  writeFileSync(
    join(folder, 'store.ts'),
    `${imports.join('\n')}\nimport { jobs, news, orders, photos } from './owned.ts'\n${made.join('\n')}\nexport class Store {\n${methods.join('\n')}\n}\n`,
  )
  writeFileSync(
    join(folder, 'owned.ts'),
    `import { bucket, queue, table, topic } from 'goblet'
export const photos = bucket('photos')
export const orders = table('orders', { key: 'id' })
export const jobs = queue('jobs')
export const news = topic('news')
`,
  )
  const handlers = Array.from({ length: functions }, (_, number) => {
    const steps = CLIENTS.map(([name]) => `  await store.${name}(\`f${number}/\${id}\`, 'text')`)
    writeFileSync(
      join(folder, `work${number}.ts`),
      `import { Store } from './store.ts'\nconst store = new Store()\nexport const work = async (id: string) => {\n${steps.join('\n')}\n}\n`,
    )
    return `import { work as work${number} } from './work${number}.ts'\nexport const f${number} = lambda(({ id }: { id: string }) => work${number}(id))`
  })
  writeFileSync(
    join(folder, 'app.ts'),
    `import { app, lambda } from 'goblet'\nexport * from './owned.ts'\n${handlers.join('\n')}\nexport default app('bench')\n`,
  )
}

/** In a process of its own: the first derivation, then one after each edit of a module that one function has. */
async function once(folder) {
  const load = (path) => import(pathToFileURL(join(root, 'src', path)).href)
  const [{ openBuild }, { defineModel }, { GRAMMAR }] = await Promise.all([
    load('build/index.ts'),
    load('model/index.ts'),
    load('aws/grammar.ts'),
  ])
  const build = await openBuild({ root: folder, entry: 'app.ts', outdir: join(folder, '.goblet/build') })
  const place = { stage: 'dev', account: '000000000000', region: 'us-east-1' }
  const model = defineModel(await build.discover(), place, GRAMMAR)
  const derive = async () => {
    const [used, began] = [process.cpuUsage(), performance.now()]
    const permissions = await build.permissions(model)
    const { user, system } = process.cpuUsage(used)
    const grants = [...permissions.values()].map((one) => one.grants.filter(({ by }) => by === 'code').length)
    if (grants.some((count) => count !== CLIENTS.length)) throw new Error(`Wrong grants: ${grants}`)
    return { wall: performance.now() - began, cpu: (user + system) / 1000 }
  }
  const cold = await derive()
  const again = []
  for (let edit = 0; edit < Number(flags.edits); edit++) {
    const text = `import { Store } from './store.ts'\nconst store = new Store()\n// ${edit}\nexport const work = async (id: string) => {\n${CLIENTS.map(([name]) => `  await store.${name}(\`f0/\${id}\`, 'text ${edit}')`).join('\n')}\n}\n`
    writeFileSync(join(folder, 'work0.ts'), text)
    again.push(await derive())
  }
  await build.close()
  const memory = process.resourceUsage().maxRSS / 1024
  console.log(JSON.stringify({ cold, again, memory }))
}

if (flags.once !== undefined) {
  await once(flags.once)
  process.exit(0)
}

heading('Permissions')
const folder = mkdtempSync(join(tmpdir(), 'goblet-policy-'))
try {
  const runs = []
  const whole = []
  for (let round = 0; round < Number(flags.rounds); round++) {
    const place = join(folder, String(round))
    write(place, Number(flags.functions))
    const args = [fileURLToPath(import.meta.url), '--once', place, '--edits', flags.edits]
    runs.push(
      JSON.parse(execFileSync(process.execPath, ['--import', import.meta.resolve('tsx'), ...args], { cwd: root })),
    )
    const began = performance.now()
    execFileSync(process.execPath, [join(root, 'dist/cli/main.js'), 'policy', '--json'], { cwd: place })
    whole.push(performance.now() - began)
  }
  const again = runs.flatMap((run) => run.again)
  const middle = (values) => figure(median(values))
  print(`${flags.functions} functions, ${CLIENTS.length} clients, ${flags.rounds} processes`, [
    {
      what: 'first derivation',
      bar: '1,500 ms',
      'wall ms': middle(runs.map(({ cold }) => cold.wall)),
      'CPU ms': middle(runs.map(({ cold }) => cold.cpu)),
    },
    {
      what: 'after an edit',
      bar: '300 ms',
      'wall ms': middle(again.map(({ wall }) => wall)),
      'CPU ms': middle(again.map(({ cpu }) => cpu)),
    },
    { what: 'goblet policy, the whole command', bar: '–', 'wall ms': middle(whole), 'CPU ms': '–' },
  ])
  const data = statSync(join(root, 'dist/aws/access/actions.br')).size
  print('weight', [
    { what: 'most memory of the process, MB', bar: 300, figure: middle(runs.map(({ memory }) => memory)) },
    { what: 'data in the package, bytes', bar: 250_000, figure: data },
  ])
} finally {
  rmSync(folder, { recursive: true, force: true })
}
