// A stock market that is made up.
import { randomUUID } from "node:crypto";

const answer = (statusCode, body) => ({
  statusCode,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

const upTo = (n) => 1 + Math.floor(n * Math.random());

export const check = async () => answer(200, { stock_price: upTo(100) });

const trade = (type) => async (event) => {
  const { stock_price: price } = JSON.parse(event.body || "{}");
  if (!(price > 0)) {
    return answer(400, { errors: [{ key: "stock_price", message: "must be a number greater than 0" }] });
  }
  // DynamoDB takes numbers as texts, so these are texts already.
  return answer(200, {
    id: randomUUID(),
    price: String(price),
    type,
    qty: String(upTo(10)),
    timestamp: new Date().toISOString(),
  });
};

export const buy = trade("buy");
export const sell = trade("sell");
