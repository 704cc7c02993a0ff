const { Router } = require('express');
const store = require('../store');

const router = Router();

router.get('/:user', async (req, res, next) => {
  try {
    res.json(await store.listByUser(req.params.user));
  } catch (error) {
    next(error);
  }
});

router.post('/:user', async (req, res) => {
  const note = await store.create(req.params.user, req.body.text);
  res.status(201).json(note);
});

router.delete('/:user/:id', (req, res, next) => {
  store.remove(req.params.user, req.params.id).then(() => res.sendStatus(204), next);
});

module.exports = router;
