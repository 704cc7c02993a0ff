const express = require('express');
const notes = require('./routes/notes');

const app = express();
app.use(express.json());
app.use('/notes', notes);
app.use((req, res) => res.status(404).json({ error: 'Not Found' }));

module.exports = app;
