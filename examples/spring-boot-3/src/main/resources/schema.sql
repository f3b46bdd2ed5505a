CREATE TABLE IF NOT EXISTS orders (
  number   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer varchar(200) NOT NULL,
  cents    bigint       NOT NULL
);
CREATE TABLE IF NOT EXISTS confirmations (
  job  uuid PRIMARY KEY,
  text varchar(500) NOT NULL
);
