// To be imported before anything that uses the pool. Node looks up names in half of its four threads at most: two names
// whose server does not answer would hold up the probes of all others.
process.env.UV_THREADPOOL_SIZE ??= "64";
