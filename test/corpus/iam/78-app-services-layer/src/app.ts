import { app, lambda, queue, table } from 'goblet'
import { createOrders, type Orders } from './orders.ts'

export default app('store')

export const orderTable = table<{ id: string; total: number }, 'id'>('orders', { key: 'id' })
export const mails = queue<{ to: string }>('mails')

const orders: Orders = createOrders({ table: orderTable, notify: (to) => mails.send({ to }) })

export const place = lambda((order: { id: string; total: number; to: string }) => orders.place(order))
export const cancel = lambda({ timeout: 5 }, async ({ id }: { id: string }) => {
  await orders.cancel(id)
})
export const welcome = mails.onMessage(async ({ to }) => console.log(to))
