// Serves the default export of a function's file.
import { serve } from "./serve.ts";

const { default: handler } = await import(process.env.FUNCTION_FILE ?? "");
await serve(handler);
