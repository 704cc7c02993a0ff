// XML: what is written is read back, and a hostile document is refused quickly.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readXml, writeXml, XmlError } from '../../src/aws/protocol/xml.ts'

test('writes children in order, leaves undefined out, escapes text', () => {
  const text = writeXml(
    'A',
    [
      ['B', '<&>"\''],
      ['C', undefined],
      [
        'D',
        [
          ['E', 1],
          ['E', true],
        ],
      ],
      ['F', []],
    ],
    'urn:x',
  )
  const body = '<B>&lt;&amp;&gt;&quot;&#39;</B><D><E>1</E><E>true</E></D><F></F>'
  assert.equal(text, `<?xml version="1.0" encoding="UTF-8"?>\n<A xmlns="urn:x">${body}</A>`)
})

test('control characters are written as references and read back', () => {
  const wild = 'a\u0001\u001f\r\ufffe\u0085\u2028😀 \n\tb'
  const text = writeXml('A', wild)
  assert.match(text, /&#x1;&#x1f;&#xd;&#xfffe;&#x85;&#x2028;/)
  assert.equal(readXml(text).text, wild)
})

test('reads namespaces, attributes, comments, CDATA, references and leading whitespace', () => {
  const root = readXml(
    '\ufeff<?xml version="1.0"?>\n<!-- c --><s3:Delete xmlns:s3="urn:x" a=\'1\'><Object><Key> a &amp;&#x41;&#66;<![CDATA[<x>]]> </Key></Object><Quiet/></s3:Delete>\n',
  )
  assert.equal(root.name, 'Delete')
  assert.deepEqual(
    root.children.map(({ name }) => name),
    ['Object', 'Quiet'],
  )
  assert.equal(root.children[0]?.children[0]?.text, ' a &AB<x> ')
})

test('refuses what is not one well-formed document without a DTD', () => {
  const bad = [
    '',
    'x',
    '<a>',
    '<a></b>',
    '<a/><b/>',
    '<a>&nbsp;</a>',
    '<a>&</a>',
    '<a>&#xd800;</a>',
    '<a>&#x110000;</a>',
    '<a b></a>',
    '<a b="<"/>',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    '<a><!-- </a>',
    '<a><![CDATA[</a>',
    '<1/>',
    '</a>',
    '<a/>x',
    '<a>&constructor;</a>',
  ]
  for (const text of bad) assert.throws(() => readXml(text), XmlError, text)
  assert.throws(() => readXml('<a>'.repeat(100) + '</a>'.repeat(100)), XmlError)
  assert.throws(() => readXml(`<a>${'x'.repeat(100)}</a>`, 50), XmlError)
})

test('hostile documents of 2 MB are read or refused in linear time', () => {
  const size = 2_000_000
  const documents = [
    '&'.repeat(size),
    '<'.repeat(size),
    `<a${' '.repeat(size)}b>`,
    '<a '.repeat(size / 3),
    '<!--'.repeat(size / 4),
    '<![CDATA['.repeat(size / 9),
    `<a>${'&amp'.repeat(size / 4)}</a>`,
    `<r>${`<a${' '.repeat(2000)}x/>`.repeat(size / 2000)}</r>`,
    `<r>${'<a/>'.repeat(size / 4)}</r>`,
  ]
  for (const text of documents) {
    const start = process.cpuUsage()
    try {
      readXml(text)
    } catch (error) {
      assert.ok(error instanceof XmlError)
    }
    const { user } = process.cpuUsage(start)
    assert.ok(user < 3_000_000, `${text.slice(0, 20)}… took ${user} µs`)
  }
})
