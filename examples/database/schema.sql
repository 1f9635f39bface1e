-- The demo's tables. Can be run again at any time.
CREATE SCHEMA IF NOT EXISTS demo;

-- One row: since when there is a source, and until when it lists anything new, if it has come to an end.
CREATE TABLE IF NOT EXISTS demo.source (
	one boolean PRIMARY KEY DEFAULT true CHECK (one),
	began_at timestamptz NOT NULL DEFAULT now(),
	ended_at timestamptz
);

-- A guest has no e-mail address, and is forgotten after a day.
CREATE TABLE IF NOT EXISTS demo.users (
	id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	name text NOT NULL,
	email text UNIQUE,
	interests text[] NOT NULL,
	region text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS demo.contents (
	id integer PRIMARY KEY,
	title text NOT NULL,
	genre text NOT NULL,
	maker text NOT NULL,
	tags text[] NOT NULL,
	synced_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS contents_synced_at ON demo.contents (synced_at);

-- As the source tells them, faults included: so there is no reference to users, and no check on stars.
CREATE TABLE IF NOT EXISTS demo.ratings (
	id bigint PRIMARY KEY,
	user_id uuid NOT NULL,
	content_id integer NOT NULL REFERENCES demo.contents ON DELETE CASCADE,
	stars smallint NOT NULL,
	rated_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS ratings_content_id ON demo.ratings (content_id);

-- Version 0 is the model before any training: what isn't known of it, is null.
CREATE TABLE IF NOT EXISTS demo.models (
	version integer PRIMARY KEY,
	trained_at timestamptz NOT NULL DEFAULT now(),
	users bytea NOT NULL,
	contents bytea NOT NULL,
	bias double precision NOT NULL,
	trained_on integer,
	held_out integer,
	accuracy double precision,
	data_quality double precision
);

-- What the newest model says of the ratings that it was not trained on.
CREATE TABLE IF NOT EXISTS demo.predictions (
	rating_id bigint PRIMARY KEY,
	model_version integer NOT NULL REFERENCES demo.models ON DELETE CASCADE,
	likelihood double precision NOT NULL
);

-- 768 numbers of four bytes each, the lowest byte first.
CREATE TABLE IF NOT EXISTS demo.content_embeddings (
	content_id integer PRIMARY KEY REFERENCES demo.contents ON DELETE CASCADE,
	model_version integer NOT NULL,
	generation integer NOT NULL,
	embedding bytea NOT NULL,
	updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS content_embeddings_updated_at ON demo.content_embeddings (updated_at);

-- One row: which state of the embeddings is the present one. Each change of them counts the generation up.
CREATE TABLE IF NOT EXISTS demo.published (
	one boolean PRIMARY KEY DEFAULT true CHECK (one),
	generation integer NOT NULL,
	model_version integer NOT NULL REFERENCES demo.models
);

CREATE TABLE IF NOT EXISTS demo.user_embeddings (
	user_id uuid PRIMARY KEY REFERENCES demo.users ON DELETE CASCADE,
	model_version integer NOT NULL,
	embedding bytea NOT NULL,
	updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS demo.recommendation_cache (
	user_id uuid PRIMARY KEY REFERENCES demo.users ON DELETE CASCADE,
	generation integer NOT NULL,
	model_version integer,
	content_ids integer[] NOT NULL,
	scores double precision[] NOT NULL,
	computed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS recommendation_cache_computed_at ON demo.recommendation_cache (computed_at);

-- What users did in the last hour: a sign-up, a deletion, a request for recommendations or for the feed.
CREATE TABLE IF NOT EXISTS demo.user_actions (
	id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
	action text NOT NULL,
	-- How many contents were shown.
	items integer,
	-- Done by a monitor, and not by a user.
	synthetic boolean NOT NULL,
	acted_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS user_actions_acted_at ON demo.user_actions (acted_at);

-- What tables that are older than this file lack.
ALTER TABLE demo.source ADD COLUMN IF NOT EXISTS ended_at timestamptz;
ALTER TABLE demo.users ALTER COLUMN email DROP NOT NULL;
ALTER TABLE demo.recommendation_cache ADD COLUMN IF NOT EXISTS model_version integer;
