import { param } from 'goblet'

export const limitParam = param('limit', { value: '5' })
export const limit = async () => Number(await limitParam.value())
