;; In place of `memory.grow`: hands out the pages that are there from the start, SPARE of them, then grows. The last pages of the memory are those
;; that nobody has yet, so what is handed out is always one piece, and the next piece comes right behind.
(module
  (memory 1)
  GLOBALS
  (func (param $pages i32) (result i32)
    (local $first i32)
    (local.set $first (i32.sub (memory.size) (global.get SPARE)))
    (if (i32.le_u (local.get $pages) (global.get SPARE))
      (then (global.set SPARE (i32.sub (global.get SPARE) (local.get $pages))))
      (else
        (if (i32.eq (memory.grow (i32.sub (local.get $pages) (global.get SPARE))) (i32.const -1))
          (then (return (i32.const -1))))
        (global.set SPARE (i32.const 0))))
    (local.get $first)))
