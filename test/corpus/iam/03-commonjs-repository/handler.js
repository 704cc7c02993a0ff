'use strict';

const books = require('./repositories/books');
const { ok, created } = require('./response');

module.exports.get = async (event) => ok(await books.get(event.pathParameters.id));

module.exports.list = async () => ok(await books.list());

module.exports.create = async (event) => {
  const book = await books.put(JSON.parse(event.body));
  return created(book);
};
