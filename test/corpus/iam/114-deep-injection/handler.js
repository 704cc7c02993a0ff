const { Controller } = require('./src/controller');
const { Service } = require('./src/service');
const { Store } = require('./src/store');
const { Notifier } = require('./src/notifier');

module.exports.handler = async (event) => new Controller(new Service(new Store(process.env.TABLE), new Notifier())).handle(event);
