/** Schema of what a mapping has to do without (contract section 3 leaves it open). */
import { z } from 'zod';

/** Something the company or the organisation lacks; present only where there is any. */
export const shortcoming = z.strictObject({
  code: z.string(),
  fields: z.array(z.string()),
  message: z.string(),
  suggestion: z.string(),
});
