// An Express app like any other.
import express from 'express'

export const server = express()

server.get('/', (_request, response) => {
  response.json({ hello: 'world' })
})

server.post('/echo', express.json(), (request, response) => {
  response.status(201).json(request.body)
})
