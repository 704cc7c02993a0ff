// Hosts a Koa app.
import { type Listener, serveBy } from './listener.ts'
import type { Hosting, Serve } from './wake.ts'

export const open = (app: { callback(): Listener }, hosting: Hosting): Serve => serveBy(app.callback(), hosting)
