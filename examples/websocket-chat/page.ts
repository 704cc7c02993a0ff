// The page that people chat on: plain HTML and the browser's own WebSocket. Works by keyboard and by screen reader.

/** The page, for the WebSocket API at this URL. */
export const page = (url: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Chat</title>
<style>
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
  body { margin: 0 auto; max-width: 42rem; padding: 1rem; }
  form { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; margin: 1rem 0; }
  label { display: grid; gap: .25rem; flex: 1 1 10rem; font-size: .875rem; }
  input, button { font: inherit; padding: .5rem .75rem; border: 1px solid GrayText; border-radius: .375rem; }
  button { background: #1d4ed8; color: #fff; border-color: #1d4ed8; cursor: pointer; }
  button:disabled { background: GrayText; border-color: GrayText; cursor: default; }
  :focus-visible { outline: 3px solid #f59e0b; outline-offset: 2px; }
  ol { list-style: none; padding: 0; min-height: 12rem; }
  li { padding: .375rem 0; border-bottom: 1px solid color-mix(in srgb, GrayText 30%, transparent); overflow-wrap: anywhere; }
  [hidden] { display: none; }
</style>
<h1>Chat</h1>
<form id="enter">
  <label>Your name <input name="user" required maxlength="50" autocomplete="nickname"></label>
  <label>Room <input name="room" required maxlength="100" value="python"></label>
  <button>Enter</button>
</form>
<p id="state" role="status">You are in no room yet.</p>
<section id="room" hidden>
  <ol id="messages" role="log" aria-label="Messages" tabindex="0"></ol>
  <form id="say">
    <label>Message <input name="content" required maxlength="2000" autocomplete="off"></label>
    <button>Send</button>
  </form>
</section>
<script>
  const url = ${JSON.stringify(url).replaceAll('<', '\\u003c')}
  const find = (id) => document.getElementById(id)
  let socket

  const tell = (text) => { find('state').textContent = text }

  const show = ({ user_name, content }) => {
    const item = document.createElement('li')
    const name = document.createElement('strong')
    name.textContent = user_name + ': '
    item.append(name, content)
    find('messages').append(item)
    item.scrollIntoView({ block: 'nearest' })
  }

  find('enter').addEventListener('submit', (event) => {
    event.preventDefault()
    const room = find('enter').room.value.trim()
    if (socket !== undefined) socket.close()
    find('messages').replaceChildren()
    tell('Entering ' + room + ' …')
    const mine = new WebSocket(url + '?room_name=' + encodeURIComponent(room))
    socket = mine
    mine.addEventListener('open', () => {
      tell('You are in ' + room + '.')
      find('room').hidden = false
      find('say').content.focus()
      mine.send(JSON.stringify({ action: 'getRecentMessages' }))
    })
    mine.addEventListener('message', ({ data }) => {
      const { messages = [], error, Message } = JSON.parse(data)
      messages.forEach(show)
      if (error || Message) tell(error || Message)
    })
    mine.addEventListener('close', () => {
      if (socket !== mine) return
      find('room').hidden = true
      tell('The connection has ended. Enter again to go on.')
    })
  })

  find('say').addEventListener('submit', (event) => {
    event.preventDefault()
    const { content } = find('say')
    socket.send(JSON.stringify({ action: 'sendMessage', user_name: find('enter').user.value.trim(), content: content.value }))
    content.value = ''
    content.focus()
  })
</script>
</html>
`
