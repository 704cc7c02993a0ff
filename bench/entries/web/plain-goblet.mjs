// Goblet's mount around it, as a generated entry wakes it.
import { app, mount } from '../../../dist/index.js'
import { open } from '../../../dist/web/listener.js'
import { wakeMount } from '../../../dist/web/wake.js'
import { make } from './plain.mjs'

export const build = (extra) =>
  wakeMount(app('bench'), open, { routes: { web: mount('/{proxy+}', make(extra)) }, identity: 'web', way: [] })
