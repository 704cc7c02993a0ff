// Names below `localhost` lead to this machine (RFC 6761), as browsers have it and some resolvers do not. For `node --require`.
const dns = require('node:dns')
const { lookup } = dns

const isBelow = (name) => typeof name === 'string' && name.endsWith('.localhost')

dns.lookup = (name, ...rest) => lookup(isBelow(name) ? 'localhost' : name, ...rest)
