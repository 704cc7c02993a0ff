// Two people in two real browsers' pages, who chat.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Browser, chromium, type Page } from 'playwright-core'
import { copyChat } from '../support/chat.ts'
import { type Dev, startDev } from '../support/dev.ts'
import { chromiumPath, missing } from '../support/judge.ts'

// Without a network of its own, Chromium looks for its makers for half a minute.
const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run']
const ALONE = ['--disable-background-networking', '--disable-component-update', '--disable-sync']

test('two pages chat', { skip: missing('chromium'), timeout: 60_000 }, async (context) => {
  const { folder, remove } = copyChat()
  let dev: Dev
  let browser: Browser
  before(async () => {
    dev = await startDev(folder)
    browser = await chromium.launch({ executablePath: chromiumPath(), args: [...QUIET, ...ALONE] })
  })
  after(async () => {
    await browser?.close()
    await dev?.stop()
    remove()
  })

  // By what people see and hear: labels and roles.
  const enter = async (name: string, room: string): Promise<Page> => {
    const page = await browser.newPage()
    page.setDefaultTimeout(10_000)
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    await page.goto(dev.http)
    await page.getByLabel('Your name').fill(name)
    await page.getByLabel('Room').fill(room)
    await page.getByRole('button', { name: 'Enter' }).click()
    await page
      .getByRole('status')
      .filter({ hasText: `You are in ${room}.` })
      .waitFor()
    assert.deepEqual(errors, [])
    return page
  }
  const say = async (page: Page, text: string): Promise<void> => {
    await page.getByLabel('Message', { exact: true }).fill(text)
    await page.keyboard.press('Enter')
  }
  const hears = (page: Page, text: string): Promise<void> =>
    page.getByRole('log').getByText(text, { exact: false }).waitFor()
  const messages = (page: Page): Promise<string[]> => page.getByRole('log').locator('li').allTextContents()

  await context.test('what one says both see, in both directions', async () => {
    const [ada, bob] = [await enter('ada', 'python'), await enter('bob', 'python')]
    await say(ada, 'Hello, <b>Bob</b>!')
    await Promise.all([hears(ada, 'Hello, <b>Bob</b>!'), hears(bob, 'Hello, <b>Bob</b>!')])
    await say(bob, 'Hello, Ada!')
    await Promise.all([hears(ada, 'Hello, Ada!'), hears(bob, 'Hello, Ada!')])
    assert.deepEqual(await messages(ada), ['ada: Hello, <b>Bob</b>!', 'bob: Hello, Ada!'])
  })

  await context.test('who comes later sees what was said, and in another room nothing', async () => {
    const eve = await enter('eve', 'python')
    await hears(eve, 'Hello, Ada!')
    assert.equal((await messages(eve)).length, 2)
    const other = await enter('eve', 'go')
    await say(other, 'Nobody here')
    await hears(other, 'Nobody here')
    assert.deepEqual(await messages(other), ['eve: Nobody here'])
  })

  await context.test('a page says that the connection has ended', async () => {
    const page = await enter('ada', 'ending')
    await dev.stop('SIGKILL')
    await page.getByRole('status').filter({ hasText: 'The connection has ended.' }).waitFor()
  })
})
