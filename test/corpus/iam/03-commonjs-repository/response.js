'use strict';

const answer = (statusCode) => (body) => ({ statusCode, body: JSON.stringify(body) });

exports.ok = answer(200);
exports.created = answer(201);
