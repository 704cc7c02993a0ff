// The limit for a local service: node:http that reads the request and gives S3's and SQS's answers without doing the work.
import { createServer } from 'node:http'

const object = Buffer.alloc(10_240, 'x')
const MD5 = '5d41402abc4b2a76b9719d911017c592'
const ANSWERS = {
  'AmazonSQS.SendMessage': JSON.stringify({ MessageId: 'm', MD5OfMessageBody: MD5 }),
  'AmazonSQS.ReceiveMessage': JSON.stringify({
    Messages: [{ MessageId: 'm', ReceiptHandle: 'r', Body: 'hello', MD5OfBody: MD5 }],
  }),
}

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    const target = request.headers['x-amz-target']
    if (target === undefined) {
      const body = request.method === 'GET' ? object : ''
      response.writeHead(200, { etag: '"x"', 'content-length': body.length }).end(body)
      return
    }
    const { port } = server.address()
    const body = ANSWERS[target] ?? JSON.stringify({ QueueUrl: `http://127.0.0.1:${port}/000000000000/bench` })
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0', 'content-length': body.length }).end(body)
  })
})
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })))
