export const makeSignUp = ({ users, mail: { enqueue }, clock }) => async (event) => {
  const { email } = JSON.parse(event.body);
  await users.touch(email);
  await enqueue({ email, at: clock().toISOString() });
  return { statusCode: 202 };
};
