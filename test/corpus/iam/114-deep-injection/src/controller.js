class Controller {
  constructor(service) {
    this.service = service;
    this.handle = this.handle.bind(this);
  }
  async handle({ body }) {
    const { id } = JSON.parse(body);
    await this.service.close(id);
    return { statusCode: 204 };
  }
}
module.exports = { Controller };
