import { table } from 'goblet'

export const messages = table('messages', { key: ['room', 'at'], types: { at: 'N' }, indexes: { byUser: ['user', 'at'] } })
export const counts = table('counts', { key: 'room' })
