// The app: everything that server.ts answers, in one function, and whatever else is exported here.
import { app, mount } from 'goblet'

export default app('my-app')

export const web = mount('/{proxy+}', () => import('./server.ts'))
