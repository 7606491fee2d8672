// A pet store with a short memory: it lasts as long as the function's process.
const pets = [
  { id: 1, type: "dog", price: 249.99 },
  { id: 2, type: "cat", price: 124.99 },
  { id: 3, type: "fish", price: 0.99 },
];

const answer = (statusCode, body) => ({
  statusCode,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

const refuse = (key, message) => answer(400, { errors: [{ key, message }] });

export const handler = async (event) => {
  if (event.httpMethod === "GET") {
    return answer(200, pets);
  }
  const { type, price } = JSON.parse(event.body || "{}");
  if (!type) {
    return refuse("Pet.type", "must be a text");
  }
  if (!(price > 0)) {
    return refuse("Pet.price", "must be a number greater than 0");
  }
  const pet = { id: pets.length + 1, type, price };
  pets.push(pet);
  return answer(201, { pet, message: "success" });
};
